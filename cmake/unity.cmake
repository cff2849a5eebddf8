# unify(TARGET): the files of a folder may be compiled as one, as CMAKE_UNITY_BUILD asks, so that the
# headers are read once a folder. Highway's kernels, each compiled once an instruction set, stay apart;
# what the address sanitizer sees too is not checked a second time in them, whose compilation that doubles.
function(unify target)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(path ${source} ABSOLUTE)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${path})
    get_filename_component(folder ${path} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}")
    file(STRINGS ${source} kernels REGEX HWY_TARGET_INCLUDE LIMIT_COUNT 1)
    if(kernels)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
      if(CMAKE_CXX_FLAGS MATCHES "fsanitize=address,undefined")
        set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS
          -fno-sanitize=alignment,null,object-size,pointer-overflow)
      endif()
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()
